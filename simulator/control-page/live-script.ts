/** Between these stands what is live. */
export const liveMarks = { start: '<!--live-->', end: '<!--/live-->' } as const;

/**
 * Brings what is marked live up to date every two seconds, by asking for the page again; not while somebody looks elsewhere,
 * writes into a form, selects text, or has opened a part. Only that part is parsed: the rest carries another nonce.
 */
export const liveScript = `const every=2000;const busy=()=>document.hidden||document.activeElement?.closest('form')||!getSelection().isCollapsed||document.querySelector('#live details[open]');
setInterval(async()=>{if(busy())return;try{const answer=await fetch(location.href,{headers:{accept:'text/html'}});if(!answer.ok||busy())return;
const part=(await answer.text()).split('${liveMarks.start}')[1]?.split('${liveMarks.end}')[0]??'';const fresh=new DOMParser().parseFromString(part,'text/html').querySelector('#live'),now=document.querySelector('#live');
if(fresh&&now&&fresh.innerHTML!==now.innerHTML)now.replaceWith(fresh)}catch{}},every)`;
